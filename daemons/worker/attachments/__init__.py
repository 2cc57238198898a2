"""What becomes of attached files: sorted by content, cleaned and scaled in a sandbox, shown to the agent."""
