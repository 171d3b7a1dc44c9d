/**
 * @file events.h
 * Decoded events made by hand, for tests of what comes after the decoder. All parties are fictional.
 */
#ifndef TIDEWAITER_TESTS_STATE_EVENTS_H
#define TIDEWAITER_TESTS_STATE_EVENTS_H

#include <stdint.h>
#include <tidewaiter/event.h>

struct tw_arena;

struct tw_text text(const char *terminated);
struct tw_amount amount(int64_t whole);
struct tw_count number(int64_t value);
struct tw_date day_of(const char *date);

/** An event of a type, its id, and RFC 3339 time. */
struct tw_event *event_new(struct tw_arena *arena, enum tw_event_type type, const char *id, const char *time);
struct tw_event *manifest_new(struct tw_arena *arena, enum tw_event_type type, const char *id, const char *time, const char *consignment);
struct tw_event *certificate_new(struct tw_arena *arena, enum tw_event_type type, const char *id, const char *time, const char *country,
                                 const char *number_text);
/** Lists keep their place for 64 elements: pointers that these return stay good as long. */
struct tw_party *party_add(struct tw_arena *arena, struct tw_list *list, const char *name, const char *country);
struct tw_item *item_add(struct tw_arena *arena, struct tw_event *event, int64_t line, int64_t quantity, const char *unit);
struct tw_certificate_ref *ref_add(struct tw_arena *arena, struct tw_item *item, const char *country, const char *number_text, int64_t line);
struct tw_marking *marking_add(struct tw_arena *arena, struct tw_list *list, const char *make, const char *value);
struct tw_leg *leg_add(struct tw_arena *arena, struct tw_event *event, enum tw_leg_role role, const char *country);
struct tw_container *container_add(struct tw_arena *arena, struct tw_event *event, const char *number_text);
struct tw_certificate_item *certificate_item_add(struct tw_arena *arena, struct tw_event *event, int64_t line, int64_t quantity, const char *unit);

/** SplitMix64 (Steele, Lea, Flood 2014): the same on every machine. Moves the seed on. */
uint64_t random_next(uint64_t *seed);

#endif
