"""Where sets are fetched from: web servers, and folders such as a USB stick's. Nothing that they send is trusted."""
