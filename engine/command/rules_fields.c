/**
 * @file rules_fields.c
 * `tidewaiter rules fields`: every path that a rule may name, with what stands there, family by family.
 *
 * Members of what is embedded are named through it (`totals.gross_kg`); those of a list's elements by the name that binds them (`item.hs`), in
 * a block of their own, each once however many lists hold such elements.
 */
#include <string.h>

#include "engine/base/nearest.h"
#include "engine/command/rules_command.h"
#include "engine/event/shape.h"
#include "rules/path.h"

#define SHAPES_MAX 32U /* kinds of elements in one family: the contract has 9 of a manifest */
#define PATH_BYTES 96U
#define COLUMN     34

static const char *const families[] = {"manifest", "certificate", "marking", "outcome", "decision", NULL};

struct listing {
	FILE *out;
	const struct tw_shape *shape[SHAPES_MAX]; /* of elements, in the order in which lists of them were met */
	uint32_t count;
};

static void element_add(struct listing *listing, const struct tw_shape *shape)
{
	for (uint32_t i = 0; i < listing->count; i++) {
		if (listing->shape[i] == shape) {
			return;
		}
	}
	if (listing->count < SHAPES_MAX) {
		listing->shape[listing->count++] = shape;
	}
}

static void value_say(struct listing *listing, const struct tw_field *field, const char *path)
{
	fprintf(listing->out, "  %-*s ", COLUMN, path);
	if (field->kind == TW_FIELD_OBJECTS) {
		fprintf(listing->out, "repeated: bound as %s", field->shape->name);
		element_add(listing, field->shape);
	} else if (field->kind == TW_FIELD_CHOICE) {
		for (uint32_t i = 0; field->words[i]; i++) {
			fprintf(listing->out, "%s%s", i ? ", " : "one of ", field->words[i]);
		}
	} else {
		fprintf(listing->out, "%s%s", tw_class_name(tw_class_of(field->kind)), field->kind == TW_FIELD_TEXTS ? ", or several" : "");
	}
	fprintf(listing->out, "%s\n", field->derived ? " (worked out)" : "");
}

/* @param envelope the members of the envelope alone, or all but those */
static void members_say(struct listing *listing, const struct tw_shape *shape, const char *prefix, bool root, bool envelope)
{
	for (uint32_t i = 0; i < shape->field_count; i++) {
		const struct tw_field *field = &shape->fields[i];
		char path[PATH_BYTES];
		if (root && tw_envelope_member(tw_slice_str(field->name)) != envelope) {
			continue;
		}
		snprintf(path, sizeof(path), "%s%s%s", prefix, *prefix ? "." : "", field->name);
		if (field->kind != TW_FIELD_OBJECT) {
			value_say(listing, field, path);
		} else if (!envelope) {
			members_say(listing, field->shape, path, false, false);
		}
	}
}

static void family_say(enum tw_family family, FILE *out)
{
	struct listing listing = {.out = out};
	struct tw_body body = tw_body_of(family);
	fprintf(out, "%s\n", tw_family_name(family));
	members_say(&listing, body.shape, "", body.offset == 0, false);
	for (uint32_t i = 0; i < listing.count; i++) {
		fprintf(out, "%s\n", listing.shape[i]->name);
		members_say(&listing, listing.shape[i], listing.shape[i]->name, false, false);
	}
	fputs("event\n", out);
	members_say(&listing, tw_shape_of(family), "event", true, true);
}

int tw_rules_fields_run(const struct tw_settings *settings, const struct tw_rules_request *request, FILE *out)
{
	const char *wanted = request->word_count > 1 ? request->words[1] : NULL;
	struct tw_nearest nearest = tw_nearest_to(tw_slice_str(wanted ? wanted : ""));
	char hint[TW_HINT_BYTES];
	(void)settings;
	tw_nearest_offer_all(&nearest, families);
	if (wanted && nearest.distance != 0) {
		fprintf(stderr, "tidewaiter rules: no event is a \"%s\": manifest, certificate, marking, outcome or decision%s\n", wanted,
		        tw_nearest_hint(&nearest, hint));
		return TW_EXIT_USAGE;
	}
	for (uint32_t i = 0; families[i]; i++) {
		if (!wanted || strcmp(wanted, families[i]) == 0) {
			family_say((enum tw_family)(TW_FAMILY_MANIFEST + (int)i), out);
		}
	}
	return TW_EXIT_OK;
}
