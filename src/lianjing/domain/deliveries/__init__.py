"""Messages that leave the house: by text message, WeChat, e-mail or webhook; queued, tried again, their state shown."""
