"""What is written of each article, alert and delivery, and what can be asked of it afterwards."""
