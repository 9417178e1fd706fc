package answer

import (
	"bytes"
	"encoding/json"
)

// JSON returns the answer as one line of compact JSON, the same bytes for the
// same answer, without a line end. HTML's characters are not escaped.
func (a Answer) JSON() []byte {
	var line bytes.Buffer
	encoder := json.NewEncoder(&line)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(a); err != nil {
		panic(err) // texts, numbers and booleans can be encoded
	}
	return bytes.TrimSuffix(line.Bytes(), []byte("\n"))
}
