package store

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"maitre/booking"
)

const (
	dialogueFormat = 1
	// maxDialogue bounds what is kept of one conversation, in bytes.
	maxDialogue = 64 << 10
)

// Dialogues is the state of conversations, by phone. The state is JSON of the
// caller, which this package does not read.
// It is safe for concurrent use.
type Dialogues struct{ f *File }

// Dialogues returns the conversations that the file holds.
func (f *File) Dialogues() Dialogues { return Dialogues{f} }

// dialogue is a conversation as the file holds it.
type dialogue struct {
	V       int             `json:"v"`
	Updated time.Time       `json:"updated"`
	Value   json.RawMessage `json:"value"`
}

// Load returns what was saved last of the conversation with a phone, which the
// caller owns, and when. It reports false when there is nothing.
func (d Dialogues) Load(ctx context.Context, phone booking.Phone) (value []byte, updated time.Time, ok bool, err error) {
	err = d.f.view(ctx, func(t *tx) error {
		value, updated, ok = nil, time.Time{}, false
		kept := t.bucket(dialoguesBucket).Get([]byte(phone))
		if kept == nil {
			return nil
		}
		read, err := decodeDialogue([]byte(phone), kept)
		if err != nil {
			return err
		}
		value, updated, ok = bytes.Clone(read.Value), read.Updated, true
		return nil
	})
	return value, updated, ok, err
}

// Save keeps the state of the conversation with a phone and, where answer is set,
// in the same commit the answer that led there, so that a repeat of the request
// gets the answer and does not change the conversation. When Save returns nil,
// both are synced.
//
// Errors: [booking.ErrNotKept].
func (d Dialogues) Save(ctx context.Context, phone booking.Phone, value []byte, answer *booking.StoredAnswer) error {
	if phone == "" || len(value) > maxDialogue || !json.Valid(value) {
		return notKept(d.f.path, fmt.Errorf("dialogue of %d bytes with %q: want JSON of up to %d, and a phone", len(value), phone.Masked(), maxDialogue))
	}
	kept, err := json.Marshal(dialogue{V: dialogueFormat, Updated: d.f.now().UTC().Round(0), Value: value})
	if err != nil {
		return notKept(d.f.path, fmt.Errorf("encode dialogue: %w", err))
	}
	if answer == nil {
		return d.f.commit(ctx, func(t *tx) error { return t.bucket(dialoguesBucket).Put([]byte(phone), kept) })
	}
	made, err := d.f.newStoredAnswer(*answer)
	if err != nil {
		return notKept(d.f.path, err)
	}
	return d.f.commit(ctx, func(t *tx) error {
		if err := t.bucket(dialoguesBucket).Put([]byte(phone), kept); err != nil {
			return err
		}
		return t.remember(made, d.f.answers)
	})
}

// Forget removes what is kept of the conversation with a phone; removing
// nothing is no error. Errors: [booking.ErrNotKept].
func (d Dialogues) Forget(ctx context.Context, phone booking.Phone) error {
	return d.f.commit(ctx, func(t *tx) error { return t.bucket(dialoguesBucket).Delete([]byte(phone)) })
}

func decodeDialogue(phone, kept []byte) (dialogue, error) {
	var d dialogue
	err := readJSON(dialoguesBucket, phone, dialogueFormat, kept, &d, &d.V)
	return d, err
}

// forgetDialogues removes conversations in which nothing was said since a time.
// There are as many as phones wrote lately, a few thousand, so it looks at all.
func (t *tx) forgetDialogues(before time.Time) (n int, more bool, err error) {
	var old [][]byte
	dialogues := t.bucket(dialoguesBucket)
	cursor := dialogues.Cursor()
	for phone, kept := cursor.First(); phone != nil && len(old) < forgetAtOnce; phone, kept = cursor.Next() {
		d, err := decodeDialogue(phone, kept)
		if err != nil {
			return 0, false, err
		}
		if d.Updated.Before(before) {
			old = append(old, bytes.Clone(phone))
		}
	}
	for _, phone := range old {
		if err := dialogues.Delete(phone); err != nil {
			return 0, false, err
		}
	}
	return len(old), len(old) == forgetAtOnce, nil
}
