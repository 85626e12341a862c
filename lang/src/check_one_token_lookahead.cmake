# cmake -DPARSER=WritParser.cpp -P check_one_token_lookahead.cmake
# The grammar chooses on one token everywhere; where it does not, ANTLR generates a call of its predictor.
file(READ "${PARSER}" text)
string(FIND "${text}" "adaptivePredict" at)
if(NOT at EQUAL -1)
  string(SUBSTRING "${text}" 0 ${at} before)
  string(REGEX MATCHALL "enterRule\\(_localctx, [0-9]+, WritParser::Rule[A-Za-z]+" rules "${before}")
  list(GET rules -1 rule)
  string(REGEX REPLACE ".*Rule" "" rule "${rule}")
  file(REMOVE "${PARSER}")
  message(FATAL_ERROR "WritParser.g4: rule `${rule}` needs more than one token of lookahead")
endif()
