package device

// Point is a place in a picture: 0,0 top left to 1,1 bottom right.
type Point struct {
	X float64 `json:"x"`
	Y float64 `json:"y"`
}

// Quad is a page's corners in a picture: top left, top right, bottom right, bottom left as the page reads.
type Quad [4]Point

// Sample is one place of a pen: millimetres from the pad's top left, and milliseconds since the first touch.
type Sample struct {
	X float64 `json:"x"`
	Y float64 `json:"y"`
	T int64   `json:"t"`
}
