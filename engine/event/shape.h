/**
 * @file shape.h
 * The event contract as a table: which member of which JSON object lands where in which struct, and what it must be.
 *
 * One table drives the decoder, the rule language's field paths, the evidence pointers and the schema test, so that they cannot
 * disagree. A *shape* describes one JSON object; a *field* one member of it. The graph of shapes is a tree per family:
 *
 *     tw_shape_of(TW_FAMILY_MANIFEST) = envelope + consignment -> consignment -> items -> item -> markings -> marking
 *
 * Threads: constant data, any.
 */
#ifndef TIDEWAITER_ENGINE_EVENT_SHAPE_H
#define TIDEWAITER_ENGINE_EVENT_SHAPE_H

#include <stddef.h>
#include <tidewaiter/event.h>

enum tw_field_kind {
	TW_FIELD_TEXT = 1,  /**< struct tw_text, any string */
	TW_FIELD_COUNTRY,   /**< struct tw_text, ISO 3166-1 alpha-2 */
	TW_FIELD_PLACE,     /**< struct tw_text, UN/LOCODE */
	TW_FIELD_HS,        /**< struct tw_text, 4 to 10 digits, dots and spaces allowed */
	TW_FIELD_CONTAINER, /**< struct tw_text, ISO 6346 */
	TW_FIELD_IMO,       /**< struct tw_text, IMO ship number */
	TW_FIELD_CHOICE,    /**< struct tw_choice, one of `words` */
	TW_FIELD_AMOUNT,    /**< struct tw_amount, number or numeric string */
	TW_FIELD_COUNT,     /**< struct tw_count, whole number or string of one */
	TW_FIELD_DATE,      /**< struct tw_date, YYYY-MM-DD (an instant is accepted: its UTC day) */
	TW_FIELD_INSTANT,   /**< struct tw_instant, RFC 3339 with a zone */
	TW_FIELD_FLAG,      /**< struct tw_flag, true or false */
	TW_FIELD_OBJECT,    /**< embedded struct of `shape` */
	TW_FIELD_OBJECTS,   /**< struct tw_list of `shape` structs */
	TW_FIELD_TEXTS,     /**< struct tw_list of struct tw_text */
};

/** What holds a field's value: six kinds of fields are texts. */
enum tw_field_form {
	TW_FORM_TEXT = 1, /**< struct tw_text */
	TW_FORM_CHOICE,   /**< struct tw_choice, and so on */
	TW_FORM_AMOUNT,
	TW_FORM_COUNT,
	TW_FORM_DATE,
	TW_FORM_INSTANT,
	TW_FORM_FLAG,
	TW_FORM_OBJECT,
	TW_FORM_OBJECTS,
	TW_FORM_TEXTS,
};

struct tw_shape;

struct tw_field {
	const char *name; /**< the JSON member */
	enum tw_field_kind kind;
	bool required;                /**< its absence makes the event a dead letter (see tw_event_missing for type-dependent ones) */
	uint32_t offset;              /**< in the shape's struct */
	const struct tw_shape *shape; /**< OBJECT and OBJECTS */
	const char *const *words;     /**< CHOICE: NULL-terminated; words[i] has value i + 1 */
	uint32_t limit;               /**< OBJECTS and TEXTS: most elements, a limits.h bound */
	bool derived;                 /**< no member of the JSON: the shape's `derive` works it out, and rules read it as any other */
};

struct tw_shape {
	const char *name;
	uint32_t size; /**< sizeof the struct */
	uint32_t field_count;
	const struct tw_field *fields;
	void (*derive)(void *object); /**< called when an object has been read whole; NULL: nothing is derived */
};

/** @param kind of a field; 0 is of none: 0 */
enum tw_field_form tw_field_form(enum tw_field_kind kind);

/** The root object of a family: the envelope's members and the body's, offsets in struct tw_event. @param family any of the six */
const struct tw_shape *tw_shape_of(enum tw_family family);

/** @return the shape's field of that name, derived ones too, or NULL. Linear in the shape's fields; for load time, not for the event path. */
const struct tw_field *tw_field_find(const struct tw_shape *shape, struct tw_slice name);

/** @return the span of a stated value, {0, 0} if not stated. OBJECT, OBJECTS and TEXTS have no span of their own: {0, 0}. */
struct tw_span tw_field_span(const struct tw_field *field, const void *object);

/** @return "declared" for TW_CONSIGNMENT_DECLARED's full name "consignment.declared" etc.; never NULL */
const char *tw_event_type_name(enum tw_event_type type);
/** @return 0 when no event type has that name */
enum tw_event_type tw_event_type_find(struct tw_slice name);
enum tw_family tw_event_type_family(enum tw_event_type type);
/** @return "manifest", "certificate", "marking", "outcome", "decision", "fact" */
const char *tw_family_name(enum tw_family family);
/** @return "ill_typed", "check_digit", "unknown_country" ... as rules name them */
const char *tw_warning_name(enum tw_warning_kind kind);
enum tw_warning_kind tw_warning_find(struct tw_slice name);
/** "consignor", "end_user" ...; "" for 0 or out of range. */
const char *tw_party_role_word(enum tw_party_role role);
/** The word of a choice value, "" for 0 or out of range. */
const char *tw_choice_word(const struct tw_field *field, uint32_t value);

#endif
