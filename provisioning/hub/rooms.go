package main

import (
	"net/http"
	"time"

	"yimen/kiosk/central"
	"yimen/provisioning/hub/door"
	"yimen/provisioning/hub/intake"
	"yimen/provisioning/hub/relay"
)

// rooms shows each request to the room it is for. All of them lie behind one door.
func rooms(at *door.Door, in *intake.Intake) http.Handler {
	asks := relay.New(time.Now).Serve(at)
	routes := http.NewServeMux()
	routes.Handle("/", in)
	routes.Handle(central.AsksPath, asks)
	routes.Handle(central.AsksPath+"/", asks)
	return routes
}
