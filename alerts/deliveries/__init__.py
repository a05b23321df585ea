"""What is known of each delivery, to be looked at and sent again."""
