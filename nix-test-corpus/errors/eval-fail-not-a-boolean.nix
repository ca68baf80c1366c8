# ! wants a Boolean.
!"text"
