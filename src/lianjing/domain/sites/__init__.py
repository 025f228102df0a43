"""客户与场所: who is protected, what is installed there, whom to call."""
