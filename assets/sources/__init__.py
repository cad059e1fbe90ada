"""Where exports come from: a folder, an SFTP server, an object store, a database."""
