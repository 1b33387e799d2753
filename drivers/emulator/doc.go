// Package emulator holds devices that exist only on the wire: an ID-card reader, a receipt printer and a
// document camera, each written from firmware-notes alone and kept apart from the drivers, so that the two
// can prove each other. A device lives on any io.ReadWriter (or HTTP), keeps its own state across plugging
// and unplugging, and has a bad day when it is told to. Nothing shipped imports this package.
package emulator
