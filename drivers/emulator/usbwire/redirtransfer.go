package usbwire

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"yimen/drivers/emulator/usb"
)

// redirStatus is how the protocol names the end of a transfer.
func redirStatus(err error) uint8 {
	switch {
	case err == nil:
		return redirSuccess
	case errors.Is(err, context.Canceled):
		return redirCancelled
	case errors.Is(err, usb.ErrStall):
		return redirStall
	case errors.Is(err, usb.ErrBabble):
		return redirBabble
	}
	return redirIOError
}

// settle does the requests that choose or ask for a setting, which have packets of their own.
func (r *redirection) settle(p redirPacket) {
	d := r.device
	s, status := usb.Setup{Length: 1}, []byte{}
	kind := uint32(redirConfiguration)
	switch p.kind {
	case redirSetConfiguration:
		s.Request, s.Value = usb.SetConfiguration, uint16(p.body[0])
	case redirGetConfiguration:
		s.Type, s.Request = usb.DirectionIn, usb.GetConfiguration
	case redirSetAlternate:
		kind, status = redirAlternate, p.body[:1]
		s.Type, s.Request, s.Index, s.Value = usb.ToInterface, usb.SetInterface, uint16(p.body[0]), uint16(p.body[1])
	case redirGetAlternate:
		kind, status = redirAlternate, p.body[:1]
		s.Type, s.Request, s.Index = usb.DirectionIn|usb.ToInterface, usb.GetInterface, uint16(p.body[0])
	}
	answer, err := d.Control(s, nil)
	setting := uint8(s.Value)
	if len(answer) == 1 {
		setting = answer[0]
	}
	if err == nil && !s.In() {
		r.sendInfo()
	}
	r.send(redirPacket{kind: kind, id: p.id, body: append(append([]byte{redirStatus(err)}, status...), setting)})
}

// control carries out a control transfer at once: no function waits there.
func (r *redirection) control(p redirPacket) error {
	s, data, err := parseControl(p.body)
	if err != nil {
		return err
	}
	answer, err := r.device.Control(s, data)
	length := len(answer)
	if !s.In() && err == nil {
		length, answer = len(data), nil
	}
	body := []byte{p.body[0], s.Request, s.Type, redirStatus(err)}
	body = binary.LittleEndian.AppendUint16(body, s.Value)
	body = binary.LittleEndian.AppendUint16(body, s.Index)
	body = binary.LittleEndian.AppendUint16(body, uint16(length))
	r.send(redirPacket{kind: redirControlPacket, id: p.id, body: append(body, answer...)})
	return nil
}

// bulk puts a bulk transfer on the schedule.
func (r *redirection) bulk(p redirPacket) error {
	b, err := parseBulk(p.body, r.caps&cap32BitLength != 0)
	if err != nil {
		return err
	}
	r.recall(p.id)
	run := func(ctx context.Context) reply { return r.bulkIn(ctx, p.id, b) }
	if b.endpoint&usb.DirectionIn == 0 {
		run = func(ctx context.Context) reply { return r.bulkOut(ctx, p.id, b) }
	}
	if !r.add(b.endpoint, p.id, len(b.data), run) {
		return fmt.Errorf("too much under way on endpoint %02X", b.endpoint)
	}
	return nil
}

func (r *redirection) bulkIn(ctx context.Context, id uint64, b bulk) reply {
	data, err := r.device.In(ctx, b.endpoint, b.length)
	return func(wanted bool) {
		if !wanted {
			if err == nil {
				r.device.Return(b.endpoint, data)
			}
			data, err = nil, context.Canceled
		}
		b.status, b.length, b.data = redirStatus(err), len(data), data
		r.sendBulk(id, b, err)
	}
}

func (r *redirection) bulkOut(ctx context.Context, id uint64, b bulk) reply {
	n, err := r.device.Out(ctx, b.endpoint, b.data)
	return func(wanted bool) {
		if !wanted {
			err = context.Canceled
		}
		b.status, b.length, b.data = redirStatus(err), n, nil
		r.sendBulk(id, b, err)
	}
}

// sendBulk tells how a bulk transfer ended.
func (r *redirection) sendBulk(id uint64, b bulk, err error) {
	if errors.Is(err, usb.ErrGone) {
		r.leave(usb.ErrGone) // the host learns it from the disconnection alone
		return
	}
	if b.endpoint&usb.DirectionIn != 0 && len(b.data) > 0 {
		r.mu.Lock()
		sent := append(r.answered[b.endpoint], answered{id: id, data: b.data})
		r.answered[b.endpoint] = sent[max(0, len(sent)-rememberedAnswers):]
		r.mu.Unlock()
	}
	r.send(redirPacket{kind: redirBulkPacket, id: id, body: b.body(r.caps&cap32BitLength != 0)})
}

// cancel ends a transfer early. A cancellation that crosses the answer on the wire makes QEMU throw the answer away,
// where a host controller would have kept it: the device then says it once more.
func (r *redirection) cancel(id uint64) {
	if r.schedule.cancel(id) {
		return
	}
	if endpoint, data, ok := r.recall(id); ok {
		r.device.Return(endpoint, data)
	}
}

// recall takes what was answered under a number out of the memory, if it is there. A host uses numbers again.
func (r *redirection) recall(id uint64) (endpoint uint8, data []byte, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for endpoint, sent := range r.answered {
		if i := slices.IndexFunc(sent, func(a answered) bool { return a.id == id }); i >= 0 {
			data = sent[i].data
			r.answered[endpoint] = slices.Delete(sent, i, i+1)
			return endpoint, data, true
		}
	}
	return 0, nil, false
}

// interrupts starts or stops the asking of an interrupt endpoint, which is this end's work.
func (r *redirection) interrupts(p redirPacket) {
	endpoint, status := p.body[0], uint8(redirSuccess)
	e, ok := r.device.Endpoint(endpoint)
	if stop := r.stopInterrupts[endpoint]; stop != nil {
		stop()
		delete(r.stopInterrupts, endpoint)
	}
	switch {
	case !ok || e.Attributes != usb.Interrupt || endpoint&usb.DirectionIn == 0:
		status = redirInvalid
	case p.kind == redirStartInterrupt:
		ctx, stop := context.WithCancel(r.ctx)
		r.stopInterrupts[endpoint] = stop
		r.wg.Go(func() { r.poll(ctx, e) })
	}
	r.send(redirPacket{kind: redirInterruptStatus, id: p.id, body: []byte{status, endpoint}})
}

// poll sends what an interrupt endpoint says until ctx ends.
func (r *redirection) poll(ctx context.Context, e usb.Endpoint) {
	for id := uint64(0); ; id++ {
		data, err := r.device.In(ctx, e.Address, e.MaxPacket)
		switch {
		case ctx.Err() != nil:
			if err == nil {
				r.device.Return(e.Address, data)
			}
			return
		case errors.Is(err, usb.ErrGone):
			r.leave(usb.ErrGone)
			return
		case err != nil: // the protocol has this status for any end that the host did not order
			r.send(redirPacket{kind: redirInterruptStatus, body: []byte{redirStall, e.Address}})
			return
		}
		body := binary.LittleEndian.AppendUint16([]byte{e.Address, redirSuccess}, uint16(len(data)))
		r.send(redirPacket{kind: redirInterruptPacket, id: id, body: append(body, data...)})
	}
}

// interruptOut is a transfer to the device on an interrupt endpoint.
func (r *redirection) interruptOut(p redirPacket) error {
	if err := p.short(4); err != nil {
		return err
	}
	endpoint, data := p.body[0], p.body[4:]
	ok := r.add(endpoint, p.id, len(data), func(ctx context.Context) reply {
		n, err := r.device.Out(ctx, endpoint, data)
		return func(wanted bool) {
			if !wanted {
				err = context.Canceled
			}
			if errors.Is(err, usb.ErrGone) {
				r.leave(usb.ErrGone)
				return
			}
			r.send(redirPacket{kind: redirInterruptPacket, id: p.id, body: binary.LittleEndian.AppendUint16([]byte{endpoint, redirStatus(err)}, uint16(n))})
		}
	})
	if !ok {
		return fmt.Errorf("too much under way on endpoint %02X", endpoint)
	}
	return nil
}
