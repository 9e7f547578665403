//! The pipeline that carries a message from chat to a signed change, and the ports it needs.
