package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
)

// Reads one JSON line for each request and prints whether it is verified. Verified is that of docs/receive.md, which the
// test writes beside this file.
func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var asked struct {
			Key     string
			Headers map[string]string
			Body    []byte
		}
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			panic(err)
		}
		header := asked.Headers
		said := "refused"
		if Verified(asked.Key, header["webhook-id"], header["webhook-timestamp"], header["webhook-signature"], asked.Body) {
			said = "verified"
		}
		fmt.Println(said)
	}
}
