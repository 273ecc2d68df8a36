"""What erasing a person takes: the plan, each place they are removed from, the scan, the proof."""
