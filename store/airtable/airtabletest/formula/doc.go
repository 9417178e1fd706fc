// Package formula evaluates Airtable's formula language, as far as filters of a
// reservation desk use it: the same parser for filterByFormula and for formula
// fields, so that the two never disagree.
//
// It knows nothing of tables or records: a formula sees an Env. It is bounded:
// whatever the text, Parse and Eval end, and a value never grows past MaxText.
//
// Source: https://support.airtable.com/docs/formula-field-reference, and what
// was seen of the real service where that page is silent; marked [?] where
// neither decides.
package formula
