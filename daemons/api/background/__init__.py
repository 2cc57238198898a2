"""What the api does without being asked: it records how jobs ended, and measures the queue."""
