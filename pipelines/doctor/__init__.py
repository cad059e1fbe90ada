"""What `hotline doctor` looks at: whether this machine can do a night, a module for each kind."""
