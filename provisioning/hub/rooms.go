package main

import (
	"log/slog"
	"net/http"
	"time"

	"yimen/kiosk/central"
	"yimen/provisioning/hub/door"
	"yimen/provisioning/hub/events"
	"yimen/provisioning/hub/intake"
	"yimen/provisioning/hub/relay"
	"yimen/provisioning/identity"
)

// rooms shows each request to the room it is for. All of them lie behind one door.
func rooms(at *door.Door, hub *identity.Hub, in *intake.Intake, said *events.Keeping, log *slog.Logger) http.Handler {
	asks := relay.New(time.Now).Serve(at)
	told := said.Serve(at, hub.Word, log)
	routes := http.NewServeMux()
	routes.Handle("/", in)
	routes.Handle(central.AsksPath, asks)
	routes.Handle(central.AsksPath+"/", asks)
	routes.Handle(central.EventsPath, told)
	routes.Handle(central.EventsPath+"/", told)
	return routes
}
