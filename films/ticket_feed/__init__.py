"""How a ticketing system tells how screenings sell: `POST /box-office/api/availability/`.

`message` reads what was sent, row by row; `receiving` lets each row have its effect, under the rule of
`films.box_office` for whose word holds. The page of the same address explains it to those who write the other side.
"""
