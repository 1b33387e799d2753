package v4l2

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unsafe"
)

// TestStructuresAreTheKernels has the C compiler print what linux/videodev2.h says of each size, place and number.
func TestStructuresAreTheKernels(t *testing.T) {
	var (
		c  capability
		fd formatDesc
		fs frameSize
		f  format
		sp streamParm
		rb requestBuffers
		b  buffer
		q  queryControl
	)
	facts := []struct {
		inC  string
		here uintptr
	}{
		{"sizeof(struct v4l2_capability)", unsafe.Sizeof(c)}, {"offsetof(struct v4l2_capability, card)", unsafe.Offsetof(c.card)},
		{"offsetof(struct v4l2_capability, capabilities)", unsafe.Offsetof(c.capabilities)},
		{"offsetof(struct v4l2_capability, device_caps)", unsafe.Offsetof(c.device)},
		{"sizeof(struct v4l2_fmtdesc)", unsafe.Sizeof(fd)}, {"offsetof(struct v4l2_fmtdesc, pixelformat)", unsafe.Offsetof(fd.pixels)},
		{"sizeof(struct v4l2_frmsizeenum)", unsafe.Sizeof(fs)}, {"offsetof(struct v4l2_frmsizeenum, discrete)", unsafe.Offsetof(fs.sizes)},
		{"sizeof(struct v4l2_format)", unsafe.Sizeof(f)}, {"offsetof(struct v4l2_format, fmt)", unsafe.Offsetof(f.pix)},
		{"offsetof(struct v4l2_pix_format, pixelformat)", unsafe.Offsetof(f.pix.pixels)},
		{"offsetof(struct v4l2_pix_format, bytesperline)", unsafe.Offsetof(f.pix.bytesPerLine)},
		{"offsetof(struct v4l2_pix_format, sizeimage)", unsafe.Offsetof(f.pix.sizeImage)},
		{"sizeof(struct v4l2_streamparm)", unsafe.Sizeof(sp)},
		{"offsetof(struct v4l2_streamparm, parm.capture.capability)", unsafe.Offsetof(sp.capability)},
		{"offsetof(struct v4l2_streamparm, parm.capture.timeperframe)", unsafe.Offsetof(sp.interval)},
		{"sizeof(struct v4l2_requestbuffers)", unsafe.Sizeof(rb)},
		{"sizeof(struct v4l2_buffer)", unsafe.Sizeof(b)}, {"offsetof(struct v4l2_buffer, bytesused)", unsafe.Offsetof(b.used)},
		{"offsetof(struct v4l2_buffer, flags)", unsafe.Offsetof(b.flags)},
		{"offsetof(struct v4l2_buffer, timestamp)", unsafe.Offsetof(b.timestamp)},
		{"offsetof(struct v4l2_buffer, sequence)", unsafe.Offsetof(b.sequence)},
		{"offsetof(struct v4l2_buffer, memory)", unsafe.Offsetof(b.memory)},
		{"offsetof(struct v4l2_buffer, m)", unsafe.Offsetof(b.offset)}, {"offsetof(struct v4l2_buffer, length)", unsafe.Offsetof(b.length)},
		{"sizeof(struct v4l2_queryctrl)", unsafe.Sizeof(q)}, {"offsetof(struct v4l2_queryctrl, minimum)", unsafe.Offsetof(q.least)},
		{"offsetof(struct v4l2_queryctrl, step)", unsafe.Offsetof(q.step)}, {"offsetof(struct v4l2_queryctrl, flags)", unsafe.Offsetof(q.flags)},
		{"sizeof(struct v4l2_control)", unsafe.Sizeof(control{})},
		{"VIDIOC_QUERYCAP", uintptr(queryCap)}, {"VIDIOC_ENUM_FMT", uintptr(enumFormat)}, {"VIDIOC_S_FMT", uintptr(setFormat)}, {"VIDIOC_REQBUFS", uintptr(reqBufs)},
		{"VIDIOC_QUERYBUF", uintptr(queryBuf)}, {"VIDIOC_QBUF", uintptr(queueBuf)}, {"VIDIOC_DQBUF", uintptr(dequeueBuf)}, {"VIDIOC_STREAMON", uintptr(streamOn)},
		{"VIDIOC_STREAMOFF", uintptr(streamOff)}, {"VIDIOC_G_PARM", uintptr(getParm)}, {"VIDIOC_S_PARM", uintptr(setParm)}, {"VIDIOC_S_CTRL", uintptr(setControl)},
		{"VIDIOC_QUERYCTRL", uintptr(queryCtrl)}, {"VIDIOC_ENUM_FRAMESIZES", uintptr(enumSizes)},
		{"V4L2_PIX_FMT_MJPEG", uintptr(MJPEG)}, {"V4L2_PIX_FMT_YUYV", uintptr(YUYV)}, {"V4L2_PIX_FMT_JPEG", uintptr(jpegs)},
		{"V4L2_BUF_TYPE_VIDEO_CAPTURE", videoCapture}, {"V4L2_MEMORY_MMAP", mmapped}, {"V4L2_BUF_FLAG_ERROR", flagError},
		{"V4L2_BUF_FLAG_TIMESTAMP_MASK", timestampMask}, {"V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC", timestampMonotone},
		{"V4L2_CAP_VIDEO_CAPTURE", capCapture}, {"V4L2_CAP_STREAMING", capStreaming},
		{"V4L2_CAP_DEVICE_CAPS", capDevice}, {"V4L2_CAP_TIMEPERFRAME", capTimePerFrame}, {"V4L2_FRMSIZE_TYPE_DISCRETE", discrete},
		{"V4L2_CTRL_FLAG_DISABLED | V4L2_CTRL_FLAG_READ_ONLY", controlDead},
	}
	for _, c := range controls {
		cid := "V4L2_CID_" + strings.ToUpper(c.name)
		if inC, other := formerly[c.name]; other {
			cid = inC
		}
		facts = append(facts, struct {
			inC  string
			here uintptr
		}{cid, uintptr(c.id)})
	}
	program := "#include <stdio.h>\n#include <stddef.h>\n#include <linux/videodev2.h>\nint main(void) {\n"
	want := ""
	for _, fact := range facts {
		program += fmt.Sprintf("printf(\"%s %%lu\\n\", (unsigned long)(unsigned int)(%s));\n", fact.inC, fact.inC)
		want += fmt.Sprintln(fact.inC, fact.here)
	}
	dir := t.TempDir()
	src, bin := filepath.Join(dir, "facts.c"), filepath.Join(dir, "facts")
	if err := os.WriteFile(src, []byte(program+"}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("cc", "-o", bin, src).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	got, err := exec.Command(bin).Output()
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("the header says\n%s\nthis room\n%s", got, want)
	}
}

// formerly are the header's names of controls that the kernel calls otherwise by now.
var formerly = map[string]string{
	"white_balance_automatic": "V4L2_CID_AUTO_WHITE_BALANCE", "auto_exposure": "V4L2_CID_EXPOSURE_AUTO",
	"exposure_time_absolute": "V4L2_CID_EXPOSURE_ABSOLUTE", "exposure_dynamic_framerate": "V4L2_CID_EXPOSURE_AUTO_PRIORITY",
	"focus_automatic_continuous": "V4L2_CID_FOCUS_AUTO",
}
