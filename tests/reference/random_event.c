/**
 * @file random_event.c
 * See random_event.h.
 */
#include "random_event.h"

#include <string.h>

#define ELEMENTS_MAX 3

/* Spellings that fold alike, look-alike letters, words with neighbours, codes of several lengths, texts that only look like places. */
static const char *const texts[] = {"rifle",
                                    "Gun parts",
                                    "gun-part",
                                    "wine barrel, gun barrel",
                                    "Acme & Co.",
                                    "ACME CO",
                                    "Barr\u0435l",
                                    "спускн\u043Eй",
                                    "пулемёты 7.62",
                                    "步枪零件",
                                    "XAAAA",
                                    "XB",
                                    "xbbbb",
                                    "9x19 mm",
                                    "0930.30",
                                    "a",
                                    "Al-Saláam",
                                    "machineguns; spare",
                                    "\u0410\u041A\u201147, 7,62\u00D739",
                                    "p\u00CDECES d\u2019arme",
                                    "2 R I F L E S 5",
                                    "b.a.r.r.e.l / w1ne barre1s",
                                    "rif-les; glok 17, kalashn1kvs",
                                    "K A L A S H N I K O V gun",
                                    "R1FLE-4711 amunit10n",
                                    "rev0lvverr",
                                    NULL};
static const char *const countries[] = {"XA", "XB", "xb", "XC", "ZZZ", "US", NULL};
static const char *const places[] = {"XAAAA", "XBBBB", "XB BBB", "XA1", "xcccc", "XAAAB", NULL};
static const char *const codes[] = {"9303", "9303.30", "930330", "930190", "8710", "93", "9303301234", "94", NULL};
static const char *const numbers[] = {"HLXU1234567", "hlxu 123456-7", "9074729", "IMO 9074729", NULL};
static const char *const amounts[] = {"0", "1", "2.5", "10", "99.9999", "1000000", NULL};
static const char *const counts[] = {"0", "1", "2", "3", "2025", NULL};
static const char *const dates[] = {"2026-02-27", "2026-03-01", "2026-03-02", "2026-03-03", "2027-01-01", NULL};
static const char *const instants[] = {"2026-03-02T08:14:00Z", "2026-03-01T23:59:59Z", "2026-03-02T00:00:00+02:00", NULL};
static const char *const flags[] = {"true", "false", NULL};

const char *const *random_values(enum tw_field_kind kind)
{
	switch (kind) {
	case TW_FIELD_COUNTRY:
		return countries;
	case TW_FIELD_PLACE:
		return places;
	case TW_FIELD_HS:
		return codes;
	case TW_FIELD_CONTAINER:
	case TW_FIELD_IMO:
		return numbers;
	case TW_FIELD_AMOUNT:
		return amounts;
	case TW_FIELD_COUNT:
		return counts;
	case TW_FIELD_DATE:
		return dates;
	case TW_FIELD_INSTANT:
		return instants;
	case TW_FIELD_FLAG:
		return flags;
	case TW_FIELD_TEXT:
	case TW_FIELD_CHOICE:
	case TW_FIELD_OBJECT:
	case TW_FIELD_OBJECTS:
	case TW_FIELD_TEXTS:
		break;
	}
	return texts;
}

const char *random_value(struct dice *dice, const struct tw_field *field)
{
	const char *const *values = field->kind == TW_FIELD_CHOICE ? field->words : random_values(field->kind);
	uint32_t count = 0;
	while (values[count]) {
		count++;
	}
	return values[dice_below(dice, count)];
}

static void object(struct dice *dice, const struct tw_shape *shape, FILE *out);

/* Required by the table, or by some event types (the event contract): those have it always. */
static bool must(const struct tw_field *field)
{
	return field->required || strcmp(field->name, "items") == 0 || strcmp(field->name, "consignment") == 0;
}

static void value(struct dice *dice, const struct tw_field *field, FILE *out)
{
	bool bare = field->kind == TW_FIELD_AMOUNT || field->kind == TW_FIELD_COUNT || field->kind == TW_FIELD_FLAG;
	if (!must(field) && dice_once_in(dice, 24)) {
		fputs(dice_below(dice, 2) ? "[7]" : "\"of no kind\"", out); /* ill-typed, or a word of no set */
		return;
	}
	fprintf(out, bare ? "%s" : "\"%s\"", random_value(dice, field));
}

static void list(struct dice *dice, const struct tw_field *field, FILE *out)
{
	uint32_t count = dice_below(dice, ELEMENTS_MAX + 1);
	count = must(field) && !count ? 1 : count;
	fputc('[', out);
	for (uint32_t i = 0; i < count; i++) {
		fputs(i ? ", " : "", out);
		if (field->kind == TW_FIELD_OBJECTS) {
			object(dice, field->shape, out);
		} else {
			fprintf(out, "\"%s\"", dice_once_in(dice, 6) ? " " : random_value(dice, field));
		}
	}
	fputc(']', out);
}

static void member(struct dice *dice, const struct tw_field *field, FILE *out)
{
	fprintf(out, "\"%s\": ", field->name);
	if (field->kind == TW_FIELD_OBJECT) {
		object(dice, field->shape, out);
	} else if (field->kind == TW_FIELD_OBJECTS || field->kind == TW_FIELD_TEXTS) {
		list(dice, field, out);
	} else {
		value(dice, field, out);
	}
}

static bool of_envelope(const char *name)
{
	static const char *const names[] = {"id", "type", "time", "source", "trace"};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(name, names[i]) == 0) {
			return true;
		}
	}
	return false;
}

/* Half of the members; all that must be there. */
static void members(struct dice *dice, const struct tw_shape *shape, bool root, FILE *out)
{
	bool first = !root;
	for (uint32_t i = 0; i < shape->field_count; i++) {
		const struct tw_field *field = &shape->fields[i];
		bool body = root && field->kind == TW_FIELD_OBJECT; /* the consignment, the certificate, the marked item */
		if ((root && of_envelope(field->name)) || !(must(field) || body || dice_below(dice, 2))) {
			continue;
		}
		fputs(first ? "" : ", ", out);
		first = false;
		member(dice, field, out);
	}
}

static void object(struct dice *dice, const struct tw_shape *shape, FILE *out)
{
	fputc('{', out);
	members(dice, shape, false, out);
	fputc('}', out);
}

void random_event(struct dice *dice, enum tw_event_type type, FILE *out)
{
	fprintf(out, "{\"id\": \"evt-1\", \"type\": \"%s\", \"time\": \"2026-03-02T08:14:00Z\", \"source\": \"port-7\"", tw_event_type_name(type));
	members(dice, tw_shape_of(tw_event_type_family(type)), true, out);
	fputc('}', out);
}
