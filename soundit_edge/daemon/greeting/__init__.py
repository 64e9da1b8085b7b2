"""What `soundit run` says when it is up."""
