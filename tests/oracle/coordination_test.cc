// M43 and M44 by hand: who works on what, and at which desk.
#include "obliged.h"

namespace writ::oracle {
namespace {

class Coordination : public testing::TestWithParam<Obliged> {};

TEST_P(Coordination, OracleAndTableAgreeWithThePage) { Check(GetParam()); }

Event Asked(const char* capability, const char* role, const char* intent = nullptr) {
  Event event;
  event.capability = capability;
  event.role = role;
  if (intent != nullptr) event.facts["intent"] = intent;
  return event;
}

// ---- M43
constexpr const char* kIntents =
    "role bot agent\nrole aide agent\n"
    "capability close { kind think_support risk read_only input item: id }\n"
    "intent ask { class information }\n"
    "intent fix { class execution  complete by close when verified }\n"
    "route ask to aide\nroute fix to bot\n"
    "delegation bots { from lead to bot  may freely look, close  may propose order\n"
    "  anchor desk  review every 90 days }\n"
    "delegation aides { from lead to aide  may freely look, close  may propose order\n"
    "  anchor desk  review every 90 days }\n";
const std::string kFixRoute = "fix/*/route.1", kVerified = "fix/close/verified.1";
const Event kOrder = Asked("order", "clerk", "fix"), kLook = Asked("look", "bot", "fix");
INSTANTIATE_TEST_SUITE_P(
    M43, Coordination,
    testing::Values(
        Obliged{"its_own", kIntents, {}, Asked("order", "bot", "fix"), {}, "escalate"},
        Obliged{"not_routed", kIntents, {}, Asked("order", "aide", "fix"), {kFixRoute}, "deny"},
        Obliged{"a_person", kIntents, {}, kOrder, {}, "allow"},
        Obliged{
            "asks_only", kIntents, {}, Asked("order", "clerk", "ask"), {"ask/*/class.1"}, "deny"},
        Obliged{"answers", kIntents, {}, Asked("look", "aide", "ask"), {}, "allow"},
        Obliged{"nobody_says", kIntents, {}, Asked("look", "aide"), {kFixRoute}, "deny"},
        Obliged{"nothing_done", kIntents, {}, Asked("close", "bot", "fix"), {}, "allow"},
        Obliged{"done", kIntents, {kOrder}, Asked("close", "bot", "fix"), {kVerified}, "deny"},
        Obliged{"looked_at", kIntents, {kOrder, kLook}, Asked("close", "bot", "fix"), {}, "allow"},
        Obliged{"done_again",
                kIntents,
                {kOrder, kLook, kOrder},
                Asked("close", "bot", "fix"),
                {kVerified},
                "deny"},
        Obliged{"another_wish",
                kIntents,
                {},
                Asked("close", "aide", "ask"),
                {"fix/close/intent.1"},
                "deny"}));

// ---- M44
constexpr const char* kDesks =
    "role bot agent\nrole mate agent\n"
    "capability pass_on { kind think_support risk read_only input item: id }\n"
    "capability pass_back { kind think_support risk read_only input item: id }\n"
    "boundary desks { part front of bot  part back of mate\n"
    "  handoff front to back by pass_on  handoff back to front by pass_back }\n"
    "delegation bots { from lead to bot  may freely look, pass_on\n"
    "  anchor desk  review every 90 days }\n"
    "delegation mates { from lead to mate  may freely look, pass_back\n"
    "  anchor desk  review every 90 days }\n"
    "grant lead pass_back under desk\n";
const Event kOn = Asked("pass_on", "bot"), kBack = Asked("pass_back", "mate");
INSTANTIATE_TEST_SUITE_P(
    M44, Coordination,
    testing::Values(
        Obliged{"begins_in_front", kDesks, {}, Asked("look", "bot"), {}, "allow"},
        Obliged{"not_at_the_back", kDesks, {}, Asked("look", "mate"), {"desks/*/part.2"}, "deny"},
        Obliged{"handed_on", kDesks, {kOn}, Asked("look", "bot"), {"desks/*/part.1"}, "deny"},
        Obliged{"received", kDesks, {kOn}, Asked("look", "mate"), {}, "allow"},
        Obliged{"and_back", kDesks, {kOn, kBack}, Asked("look", "bot"), {}, "allow"},
        Obliged{"not_there_to_hand_back",
                kDesks,
                {},
                Asked("pass_back", "lead"),
                {"desks/pass_back/handoff.1"},
                "deny"}));

}  // namespace
}  // namespace writ::oracle
