"""Reports: from a release to documents that a leader signs (shared REPORTS.md)."""
