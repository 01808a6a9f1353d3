"""What is run where the engines are installed: each prints one line of JSON."""
