"""Sockets: how many there may be, how long they wait, what files hold for slow clients."""
