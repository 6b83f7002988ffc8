"""Audio and video in the room: who is in the call, and what browsers tell each other to connect.

Sound and picture go from browser to browser; nothing of a call passes this server or is stored.
"""
