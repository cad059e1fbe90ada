"""What is erased is nowhere, and stays away."""
