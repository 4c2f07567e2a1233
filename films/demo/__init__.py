"""An invented festival around today, to look at and to try things on."""
