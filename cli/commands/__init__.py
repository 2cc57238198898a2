"""The commands of `pagewright`: each takes the session and its arguments, and answers through the session."""
