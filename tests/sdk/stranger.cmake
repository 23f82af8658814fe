# cmake -DSOURCE= -DBUILD= -DPREFIX= -DPROGRAM= -DTYPE= -DGENERATOR= -DHOME= -P: builds a project that knows nothing of this tree
# against the installed SDK, then runs its node beside the plugins that ship. Text of two characters and one of four bytes.
include(${CMAKE_CURRENT_LIST_DIR}/step.cmake)
file(REMOVE_RECURSE ${BUILD})
must("configuring" ${CMAKE_COMMAND} -S ${SOURCE} -B ${BUILD} -G ${GENERATOR} -DCMAKE_PREFIX_PATH=${PREFIX}
  -DCMAKE_BUILD_TYPE=Release ${FORBID})
must("building" ${CMAKE_COMMAND} --build ${BUILD})
set(flow ${BUILD}/flow.json)
file(WRITE ${flow} "{\"nodes\": [{\"id\": \"e\", \"type\": \"echo\", \"params\": {\"message\": \"h\\u00e9llo \\ud83d\\ude00\"}},
  {\"id\": \"s\", \"type\": \"${TYPE}\", \"params\": {\"text\": \"\${e.echo}\"}}],
  \"edges\": [{\"from\": \"e\", \"to\": \"s\"}]}")
set(ENV{PFLOW_HOME} ${HOME})
must("running" ${PROGRAM} run ${flow} --plugin-dir ${BUILD})
expect("what the node says" "11\n")
must("listing" ${PROGRAM} nodes ${TYPE} --plugin-dir ${BUILD})
