/**
 * @file contact.h
 * What makes two telephone numbers or two e-mail addresses the same, however they are written.
 *
 *     phone   +442079460018          an international number: "+44 (20) 7946-0018", "0044 20 79460018"
 *             02079460018|GB         a number without its country's code belongs to the country of whoever states it
 *     e-mail  j.sample@example.org   letters of ASCII in lower case, blanks and what stands around < > dropped
 *
 * Keys are part of stored state, as those of keys.h. All functions: pure; the key lives in `arena`, at most TW_KEY_BYTES_MAX; length 0 when what is
 * stated is no number or address, or one that tells nobody from anybody; {NULL, 0} at the arena's ceiling. Threads: any, one arena a thread.
 * Source: ITU-T E.164 (at most 15 digits); RFC 5321, 4.5.3.1 (lengths of addresses).
 */
#ifndef TIDEWAITER_ENGINE_EVENT_CONTACT_H
#define TIDEWAITER_ENGINE_EVENT_CONTACT_H

#include <tidewaiter/slice.h>

struct tw_arena;

/** @param country of whoever states the number, as received; may be empty */
struct tw_slice tw_key_phone(struct tw_slice phone, struct tw_slice country, struct tw_arena *arena);
struct tw_slice tw_key_email(struct tw_slice email, struct tw_arena *arena);

#endif
