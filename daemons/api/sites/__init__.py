"""Sites and their versions, as their owners see them."""
