// Collab
