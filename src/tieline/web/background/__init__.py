"""Work in the background by itself: schedules, who does the work, what is cleared away."""
