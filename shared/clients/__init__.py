"""How a process reaches the others: storage, the model daemon, the job queue."""
