package device

// FaceFlaw is one thing that keeps a picture of a face from being compared, named for what can be done about it.
type FaceFlaw string

// The flaws of a picture of a face.
const (
	NoFace       FaceFlaw = "none"    // nobody is before the camera
	SeveralFaces FaceFlaw = "several" // more than one person is: whom to compare is not known
	FaceFar      FaceFlaw = "far"
	FaceNear     FaceFlaw = "near"
	FaceAside    FaceFlaw = "aside" // cut off by the picture's edge, or close to it
	FaceDark     FaceFlaw = "dark"
	FaceBright   FaceFlaw = "bright"
	FaceUneven   FaceFlaw = "uneven"  // lit from one side, or from behind
	FaceTurned   FaceFlaw = "turned"  // not looking into the camera, as far as can be told
	FaceBlurred  FaceFlaw = "blurred" // moving, or out of focus
)

// FaceFlaws lists every flaw, in the order in which a person would put them right.
func FaceFlaws() []FaceFlaw {
	return []FaceFlaw{
		NoFace, SeveralFaces, FaceAside, FaceFar, FaceNear, FaceDark, FaceBright, FaceUneven, FaceTurned, FaceBlurred,
	}
}

// FaceSight is what is seen of a face in one picture. No flaws: good enough to be compared.
type FaceSight struct {
	Quad  Quad // round the face; zero where there is none
	Flaws []FaceFlaw
}
