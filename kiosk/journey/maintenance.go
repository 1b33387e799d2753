package journey

import "yimen/kiosk/journey/view"

// maintain turns the view of a terminal at which nobody stands into that of a locked one.
func (s *State) maintain(v *view.View) {
	v.Screen, v.Maintenance, v.Notes, v.Offers = view.ScreenMaintenance, s.standing.Maintenance, nil, []view.Do{view.DoHelp}
}
