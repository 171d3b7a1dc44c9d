/**
 * @file shape_table.h
 * How a row of a shape's table is written, and the shapes that tables in other files lead to. For shape*.c alone.
 *
 *     shape.c               roots: the envelope and a family's body; names and look-ups
 *     shape_consignment.c   a manifest's consignment; parties and markings, which other families have too
 *     shape_certificate.c   an end-user certificate
 *     shape_event.c         what happens to goods and papers: marked items, inspections, decisions, facts
 *
 * Threads: constant data, any.
 */
#ifndef TIDEWAITER_ENGINE_EVENT_SHAPE_TABLE_H
#define TIDEWAITER_ENGINE_EVENT_SHAPE_TABLE_H

#include <tidewaiter/limits.h>

#include "engine/event/shape.h"

#define FIELD(struct_, member, json, kind_)                                                                                                          \
	{                                                                                                                                            \
		.name = json, .kind = kind_, .offset = offsetof(struct struct_, member)                                                              \
	}
#define REQUIRED(struct_, member, json, kind_)                                                                                                       \
	{                                                                                                                                            \
		.name = json, .kind = kind_, .required = true, .offset = offsetof(struct struct_, member)                                            \
	}
#define CHOICE(struct_, member, json, words_)                                                                                                        \
	{                                                                                                                                            \
		.name = json, .kind = TW_FIELD_CHOICE, .offset = offsetof(struct struct_, member), .words = words_                                   \
	}
#define OBJECT(struct_, member, json, shape_)                                                                                                        \
	{                                                                                                                                            \
		.name = json, .kind = TW_FIELD_OBJECT, .offset = offsetof(struct struct_, member), .shape = &shape_                                  \
	}
#define OBJECTS(struct_, member, json, shape_, limit_)                                                                                               \
	{                                                                                                                                            \
		.name = json, .kind = TW_FIELD_OBJECTS, .offset = offsetof(struct struct_, member), .shape = &shape_, .limit = limit_                \
	}
#define TEXTS(struct_, member, json, limit_)                                                                                                         \
	{                                                                                                                                            \
		.name = json, .kind = TW_FIELD_TEXTS, .offset = offsetof(struct struct_, member), .limit = limit_                                    \
	}
#define DERIVED(struct_, member, name_, kind_)                                                                                                       \
	{                                                                                                                                            \
		.name = name_, .kind = kind_, .offset = offsetof(struct struct_, member), .derived = true                                            \
	}
#define SHAPE(variable, struct_, title, table)                                                                                                       \
	static const struct tw_shape variable = {title, sizeof(struct struct_), sizeof(table) / sizeof(table[0]), table, NULL}
/* One that tables in other files lead to. */
#define SHAPE_SHARED(variable, struct_, title, table)                                                                                                \
	const struct tw_shape variable = {title, sizeof(struct struct_), sizeof(table) / sizeof(table[0]), table, NULL}

extern const char *const tw_marking_words[];

extern const struct tw_shape tw_marking_shape, tw_party_shape, tw_consignment_shape;
extern const struct tw_shape tw_certificate_shape;
extern const struct tw_shape tw_marked_item_shape, tw_inspection_shape, tw_decision_shape, tw_fact_shape;

#endif
