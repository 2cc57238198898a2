"""Our own questions to the model about an edit, with answers in a strict form."""
