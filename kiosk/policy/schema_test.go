package policy

import (
	"bytes"
	"encoding/json"
	"os"
	"reflect"
	"testing"

	"yimen/kiosk/household"
	"yimen/kiosk/policy/flow"
)

// schema describes a Go type as JSON Schema: what a file of a pack may hold. Closed sets of words are listed.
func schema(t reflect.Type) map[string]any {
	switch t {
	case reflect.TypeFor[household.Date]():
		return map[string]any{"type": "string", "format": "date"}
	case reflect.TypeFor[Decimal]():
		return map[string]any{"type": "number"}
	case reflect.TypeFor[Text]():
		return map[string]any{"type": "object", "required": []string{"zh-CN"}, "additionalProperties": map[string]any{"type": "string"}}
	case reflect.TypeFor[Group]():
		return map[string]any{"enum": groups}
	case reflect.TypeFor[Need]():
		return map[string]any{"enum": []Need{NeedScan, NeedIf, NeedShare, NeedHere}}
	case reflect.TypeFor[flow.Role]():
		return map[string]any{"enum": flow.Roles()}
	case reflect.TypeFor[flow.Input]():
		return map[string]any{"enum": flow.Inputs()}
	case reflect.TypeFor[Input]():
		return map[string]any{"enum": []Input{InputChoice, InputChoices, InputYesNo, InputMoney, InputCount, InputDate, InputText, InputName, InputIDNumber, InputPhone, InputAccount}}
	case reflect.TypeFor[household.Scope]():
		return map[string]any{"enum": []household.Scope{household.Household, household.Member, household.Supporter}}
	}
	switch t.Kind() {
	case reflect.Struct:
		properties := map[string]any{}
		for i := range t.NumField() {
			if tag := t.Field(i).Tag.Get("yaml"); tag != "" {
				properties[tag] = schema(t.Field(i).Type)
			}
		}
		return map[string]any{"type": "object", "additionalProperties": false, "properties": properties}
	case reflect.Slice:
		return map[string]any{"type": "array", "items": schema(t.Elem())}
	case reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": schema(t.Elem())}
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Int, reflect.Int64:
		return map[string]any{"type": "integer"}
	}
	return map[string]any{"type": "string"}
}

func TestTheSchemaDescribesWhatIsRead(t *testing.T) {
	s := schema(reflect.TypeFor[sheet]())
	s["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	s["title"] = "A file of a policy pack"
	want, err := json.MarshalIndent(s, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	want = append(want, '\n')
	if *update {
		if err := os.WriteFile("packs/schema.json", want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile("packs/schema.json")
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("packs/schema.json is not what the reader takes (%v): go test ./kiosk/policy -update", err)
	}
}
