"""What makes a jail: bubblewrap, or a unit of systemd."""
