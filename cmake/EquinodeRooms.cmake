# equinode_rooms(): every subfolder with a CMakeLists.txt is a room; a new one needs no line here.
function(equinode_rooms)
  file(GLOB lists CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*/CMakeLists.txt")
  list(SORT lists)
  foreach(list IN LISTS lists)
    get_filename_component(room "${list}" DIRECTORY)
    add_subdirectory("${room}")
  endforeach()
endfunction()
