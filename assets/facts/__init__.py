"""The published tables: counts and sums by month, and the KPIs made of them."""
