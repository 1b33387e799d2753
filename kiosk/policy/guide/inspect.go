package guide

import (
	"yimen/kiosk/policy/page"
	"yimen/kiosk/policy/wording"
)

// Inspector checks that every way in leads somewhere.
type Inspector struct {
	Page  *page.Page
	Text  func(path string, t wording.Text)
	Item  func(code string) bool // there is such an item
	Param func(key string) bool  // there is such a parameter, or need not be
}

// Situation wants a name, and items that there are.
func (i Inspector) Situation(path string, x *Situation) {
	i.Text(path+".name", x.Name)
	for _, code := range x.Items {
		i.leads(path, code)
	}
}

// Group wants a name.
func (i Inspector) Group(path string, x *Group) { i.Text(path+".name", x.Name) }

// Programme wants a name, and the item under which it is applied for.
func (i Inspector) Programme(path string, x *Programme) {
	i.Text(path+".name", x.Name)
	i.leads(path, x.Item)
}

// Standard wants words for who gets what, and the parameter that holds the amount.
func (i Inspector) Standard(path string, x *Standard) {
	i.Text(path+".kind", x.Kind)
	i.Text(path+".area", x.Area)
	i.Text(path+".unit", x.Unit)
	if !i.Param(x.Param) {
		i.Page.At(path, "there is no parameter %s to tell the amount of", x.Param)
	}
}

func (i Inspector) leads(path, code string) {
	if !i.Item(code) {
		i.Page.At(path, "there is no item %s", code)
	}
}
