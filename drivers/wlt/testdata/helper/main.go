// Command helper decodes photos as badly as its argument says.
package main

import (
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"os/exec"
	"syscall"
	"time"

	"golang.org/x/image/bmp"
)

func main() {
	if os.Args[1] == "hang" {
		time.Sleep(time.Hour)
	}
	photo, _ := io.ReadAll(os.Stdin)
	img := image.NewRGBA(image.Rect(0, 0, 102, 126))
	img.Set(0, 0, color.RGBA{photo[8], photo[9], photo[10], 255})
	switch os.Args[1] {
	case "bmp":
		bmp.Encode(os.Stdout, img)
	case "png":
		png.Encode(os.Stdout, img)
	case "jpeg":
		jpeg.Encode(os.Stdout, img, nil)
	case "crash":
		syscall.Kill(os.Getpid(), syscall.SIGSEGV)
		time.Sleep(time.Hour)
	case "fails after writing":
		png.Encode(os.Stdout, img)
		os.Exit(3)
	case "flood":
		for {
			os.Stdout.Write(make([]byte, 1<<16))
		}
	case "nothing":
	case "nonsense":
		os.Stdout.WriteString("error -5: not licensed")
	case "huge":
		png.Encode(os.Stdout, image.NewGray(image.Rect(0, 0, 5000, 3)))
	case "cut":
		os.Stdout.Write([]byte("BM\x00\x01"))
	case "environment":
		for _, e := range os.Environ() {
			os.Stdout.WriteString(e)
		}
		if len(os.Environ()) == 0 {
			png.Encode(os.Stdout, img)
		}
	case "child": // leaves a child that holds the output, and tells its id through the file named
		child := exec.Command(os.Args[0], "hang")
		child.Stdout = os.Stdout
		child.Start()
		os.WriteFile(os.Args[2], []byte{byte(child.Process.Pid), byte(child.Process.Pid >> 8), byte(child.Process.Pid >> 16)}, 0o600)
		png.Encode(os.Stdout, img)
	}
}
