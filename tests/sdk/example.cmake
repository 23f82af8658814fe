# cmake -DSOURCE= -DBUILD= -DPREFIX= -DPROGRAM= -DNODE= -DEXPECTED= -DGENERATOR= -DHOME= -P: builds an example from its installed
# sources and runs its node.
include(${CMAKE_CURRENT_LIST_DIR}/step.cmake)
file(REMOVE_RECURSE ${BUILD})
must("configuring" ${CMAKE_COMMAND} -S ${SOURCE} -B ${BUILD} -G ${GENERATOR} -DCMAKE_PREFIX_PATH=${PREFIX})
must("building" ${CMAKE_COMMAND} --build ${BUILD})
set(flow ${BUILD}/flow.json)
file(WRITE ${flow} "{\"nodes\": [${NODE}]}")
set(ENV{PFLOW_HOME} ${HOME})
must("running" ${PROGRAM} run ${flow} --plugin-dir ${BUILD})
expect("what the node says" "${EXPECTED}\n")
