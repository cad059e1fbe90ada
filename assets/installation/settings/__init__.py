"""What an installation decides, as the code uses it: values and their defaults."""
