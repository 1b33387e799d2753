// Package journey is the course of one visit, as a pure machine: State, Event in, State, Effects out. It does
// no I/O and reads no clock; time and ids arrive inside events. What it wants done it says as an Effect that
// names a resource (read a card, take a frame, print), never a service.
package journey
