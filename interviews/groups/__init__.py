"""Groups of people who practise together: members, sessions with a rota, mails and calendars."""
