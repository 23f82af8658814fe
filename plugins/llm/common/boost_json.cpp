// Boost.JSON's archive is not built for shared libraries, so its code is compiled into each provider here.
#include <boost/json/src.hpp>
